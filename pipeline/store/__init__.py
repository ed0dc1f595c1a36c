"""The run's store: a folder of Parquet files, whole or absent, addressed by what is in them."""

from pipeline.places import ObjectPlace as ObjectPlace
from pipeline.places import Place as Place
from pipeline.places import place_of as place_of
from pipeline.places import scratch_of as scratch_of
from pipeline.store.documents import DocumentRef as DocumentRef
from pipeline.store.documents import DocumentStore as DocumentStore
from pipeline.store.rows import RowFile as RowFile
from pipeline.store.rows import SelectionRow as SelectionRow
from pipeline.store.rows import SourceRow as SourceRow
from pipeline.store.run import Run as Run
from pipeline.store.run import dataset_in as dataset_in
from pipeline.store.run import open_run as open_run
from pipeline.store.run import read_run as read_run
from pipeline.store.samples import SampleStore as SampleStore
