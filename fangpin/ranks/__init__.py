"""How sure a rank is: posteriors and chances of being at the top, rank confidence sets, funnels.

Does not belong here: ratios and their shrinkage (fangpin/rates.py), what is ranked (policy/ranking.yaml).
"""
