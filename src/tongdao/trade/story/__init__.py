"""What happened to an order, and what happens next and by when. Reads the whole trade floor, writes nothing."""
