"""What the pages' forms take. They check the form of what was typed; the rules are the operations'."""
