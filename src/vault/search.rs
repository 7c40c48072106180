//! Ranking of entries while somebody types: fzf's syntax and `#tag`.
