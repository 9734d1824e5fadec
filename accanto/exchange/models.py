from accanto.exchange.record_batch import RecordBatch, RecordOrigin, RecordPair, RecordRow

__all__ = ["RecordBatch", "RecordOrigin", "RecordPair", "RecordRow"]
