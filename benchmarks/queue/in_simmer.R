# The one-queue model in simmer: a trajectory that reneges. Prints the CPU seconds it took, then its arrivals as CSV.
suppressPackageStartupMessages(library(simmer))

given <- as.numeric(commandArgs(trailingOnly = TRUE))
customers <- given[1]; agents <- given[3]; gap <- given[4]; service <- given[5]; patience <- given[6]
set.seed(given[2])

started <- proc.time()
visit <- trajectory() %>%
  renege_in(function() rexp(1, 1 / patience)) %>%
  seize("agents", 1) %>%
  renege_abort() %>%
  timeout(function() rexp(1, 1 / service)) %>%
  release("agents", 1)
centre <- simmer() %>%
  add_resource("agents", agents) %>%
  add_generator("customer", visit, function() rexp(1, 1 / gap)) %>%
  run(until = customers * gap)
arrivals <- get_mon_arrivals(centre)
used <- proc.time() - started

cat(used[["user.self"]] + used[["sys.self"]], "\n", sep = "")
columns <- c("start_time", "end_time", "activity_time", "finished")
write.csv(arrivals[, columns], row.names = FALSE, quote = FALSE)
