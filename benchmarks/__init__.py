"""Speed and memory of the parts of a run, compared with this machine's limit and with other libraries."""
