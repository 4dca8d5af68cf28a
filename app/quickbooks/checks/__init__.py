"""What the checks of the books find by themselves: each record of ours against what QuickBooks has of it."""
