"""Evidence of a report: lines that the relay stamped, verified when handed over, and sealed for the operator."""
