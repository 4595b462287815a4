"""imh-bot: checked guidance on babies' emotional wellbeing, by role and region, on Telegram."""

import os

# The matrix products here are small; with more than one thread they take turns and become slower.
# NumPy reads these when it is first imported, so they are set before anything of the house is.
for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")
