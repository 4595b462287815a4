"""Text as people type it: clean-up, spelling and the sentence encoder. Used by `safety` and `matching` alike, so that
a message is read once; `assembly` opens the encoder and hands it on. No rule about danger or topics lives here.
"""

import os

# NumPy's BLAS reads these when NumPy is first imported, which happens in the modules of this package. Our products and
# solves are small: on a busy machine a second thread makes them ten times slower, on an idle one no faster.
for _threads in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_threads, "1")
