"""Growth: what a contact costs as days, centres and queues get larger."""
