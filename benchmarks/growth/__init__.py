"""Growth: the cost of a contact as days, centres and queues get larger."""
