"""Token ids to logits and pooling weights: encoder, pooling, head."""
