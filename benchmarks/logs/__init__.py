"""Logs of contacts in the formats of vendors, made of simulated contacts: for samples, round trips and timing."""
