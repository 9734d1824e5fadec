from accanto.documents.content import Content
from accanto.documents.document import Document
from accanto.documents.signature_link import SignatureLink
from accanto.documents.signature_round import Signatory, Signature, SignaturePaper, SignatureRound

__all__ = ["Content", "Document", "Signatory", "Signature", "SignatureLink", "SignaturePaper", "SignatureRound"]
