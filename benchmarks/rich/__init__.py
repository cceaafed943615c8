"""The rich model: six queues, skills, ring-outs, transfers, conferences, three chats an agent; ours and by hand."""
