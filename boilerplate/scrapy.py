"""A Scrapy item pipeline: items that hold a page get its article's text."""

from __future__ import annotations

from typing import Any

from itemadapter import ItemAdapter
from scrapy.exceptions import DropItem, NotConfigured
from scrapy.http import Response
from scrapy.settings import BaseSettings

from boilerplate.cleaner import Cleaner
from boilerplate.document import Result
from boilerplate.errors import InputError
from boilerplate.reading import decode


class BoilerplatePipeline:
    """Fills ``item["text"]`` from the page that the item holds.

    Scrapy does not pass responses to pipelines, so the spider puts the page
    into the item: the response itself, ``response.body`` or ``response.text``. Items
    without a page pass unchanged. ``title``, ``status`` and ``text_source`` are
    filled, too, in items where these fields are empty. Items are dicts, dataclass
    objects, ``scrapy.Item`` or whatever else itemadapter supports.

    Notes
    -----
    Settings of the crawl:

    BOILERPLATE_FIELD
        Field that holds the page; ``"html"``.
    BOILERPLATE_TEXT_FIELD
        Field that gets the text; ``"text"``.
    BOILERPLATE_KEEP_PAGE
        Whether the page stays in the item; True. Otherwise it becomes None.
    BOILERPLATE_METADATA_FIELD
        Field that gets what the page says about its article, a dict (see
        `Metadata`); none by default.
    BOILERPLATE_DROP
        Whether items whose page holds no article, or cannot be read, are
        dropped; False.
    BOILERPLATE_MODEL, BOILERPLATE_FAVOUR
        See `Cleaner`.
    """

    def __init__(self, settings: BaseSettings, stats: Any = None) -> None:
        self.field = settings.get("BOILERPLATE_FIELD", "html")
        self.text_field = settings.get("BOILERPLATE_TEXT_FIELD", "text")
        self.metadata_field = settings.get("BOILERPLATE_METADATA_FIELD")
        self.keep_page = settings.getbool("BOILERPLATE_KEEP_PAGE", True)
        self.drop = settings.getbool("BOILERPLATE_DROP", False)
        self.stats = stats
        if self.field == self.text_field and not self.keep_page:
            raise NotConfigured("BOILERPLATE_KEEP_PAGE is False, but the text replaces the page")
        self.cleaner = Cleaner(settings.get("BOILERPLATE_MODEL"), favour=settings.get("BOILERPLATE_FAVOUR", "balance"))

    @classmethod
    def from_crawler(cls, crawler: Any) -> BoilerplatePipeline:
        """Make the pipeline of a crawl from its settings."""
        return cls(crawler.settings, crawler.stats)

    def process_item(self, item: Any, spider: Any = None) -> Any:
        """Fill the fields of an item.

        Raises
        ------
        DropItem
            If there is no article and BOILERPLATE_DROP is set.
        KeyError
            If the item cannot have a field for the text or the metadata.
        """
        fields = ItemAdapter(item)
        page = fields.get(self.field)
        if page is None:
            return item
        result = self._result(page)
        if self.stats is not None:
            self.stats.inc_value(f"boilerplate/{result.status}")
        if self.drop and result.status != "ok":
            raise DropItem(f"no article: {result.why}")
        if not self.keep_page:
            fields[self.field] = None
        fields[self.text_field] = result.text
        if self.metadata_field:
            fields[self.metadata_field] = result.metadata.to_dict() if result.metadata is not None else {}
        for name in ("title", "status", "text_source"):
            if name in fields.field_names() and fields.get(name) in (None, ""):
                fields[name] = getattr(result, name)
        return item

    def _result(self, page: Any) -> Result:
        if isinstance(page, Response):
            # Not its `text`: there the header overrides the page, which is right more often.
            content_type = (page.headers.get("Content-Type") or b"").decode("latin-1")
            try:
                page = decode(page.body, content_type)
            except InputError as error:
                return Result("error", error=str(error))
        return next(iter(self.cleaner.clean_many([page], metadata=bool(self.metadata_field))))
