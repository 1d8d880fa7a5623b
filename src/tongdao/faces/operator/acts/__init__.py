"""What operators may do: each act is data, its page asks for a reason, its operation does it and keeps it."""
