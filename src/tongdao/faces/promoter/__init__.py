"""The promoter's face: what did I earn, what must I do today. For a phone and one thumb."""
