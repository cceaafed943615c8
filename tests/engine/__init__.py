"""The routing rules of the domain, each shown in a tiny world, and what must hold in every run.

A test is named by the number of its rule: `test_r2_7_...` shows R2.7, `test_reading_23_...` the 23rd
  reading of
the places where the sources are silent. One file a section: entering the queue, order of waiting, steps,
  choosing
the agent, offers, states, transfers; then pace, roster, limits, policies, ties, the worked example, and the
properties over random centres.

Rules of sections 2 to 4.2 without a test here, and why:

- Nothing a simulation of whole days would show, being user interface or plumbing: R2.34 (retries of an
  API call),
  R3.4 (switching each medium on again after log-in: agents here have all their media on), R3.6 (log-out of
  inactive users), R3.7 (a timer on the desk), R4.14 (pausing). R2.4's clamping of priorities to 1..10 is
  a check of
  the scenario and tested there.
- Not simulated: R2.6 (priority of a chat that is taken up again within a day), R2.36 to R2.40 (log-out
  with open
  tasks, forced log-out, call-back state, response SLA), R3.8 (outbound calls), R3.11 and the
  interrupting rows of R3.10 (media
  are independent here, which R3.10 allows and test_states shows).
- R3.3 and R4.15 belong to pull and conference: the list shows R3.3, reading 18 R4.15, among the tests of the guide.
- R4.9 contradicts R4.6 in its own source; R4.6 is followed and tested. R4.16 lists vendor defects.

Known vendor defects are not modelled: R2.9, R2.10, R2.11 and R2.27a are shown to be absent.
"""
