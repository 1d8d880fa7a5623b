"""What happened to an order, and what is next and by when. Reads the trade floor, writes nothing."""
