"""Power cuts: a recording disk, a workload on it, and the states that a cut could have left."""
