"""What was committed, transaction by transaction, held against what routing promises."""
