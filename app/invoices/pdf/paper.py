"""The sheets an invoice is written on: typeface, margins, foot and tools. Lengths are millimetres."""

from __future__ import annotations

from typing import Any

from fpdf import FPDF

from app.invoices.pdf.typeface import BOLD, FAMILY, REGULAR

MARGIN = 18
FOOT = 20  # from the lower edge; nothing of the document comes below it

INK, FAINT, BRAND, RULE = (29, 42, 51), (85, 100, 111), (21, 88, 122), (200, 208, 214)


class Paper(FPDF):
    """`foot` stands on every page, before its number."""

    def __init__(self, size: str, title: str, foot: str) -> None:
        super().__init__(format=size)
        self._foot = foot
        self.set_title(title)
        self.set_creator("FSM Navigator")
        self.set_margins(MARGIN, MARGIN)
        self.set_auto_page_break(False)  # the document decides: a row is not broken
        self.add_font(FAMILY, "", REGULAR)
        self.add_font(FAMILY, "B", BOLD)
        self.add_page()
        self.use()

    def footer(self) -> None:
        self.set_y(-FOOT + 6)
        self.use(8, FAINT)
        self.cell(self.epw - 30, 4, self.fitted(self._foot, self.epw - 30))
        self.cell(30, 4, f"Page {self.page_no()} of {{nb}}", align="R")

    def use(self, size: float = 9.5, color: tuple[int, int, int] = INK, bold: bool = False) -> None:
        self.set_font(FAMILY, "B" if bold else "", size)
        self.set_text_color(*color)

    def fitted(self, text: str, width: float) -> str:
        """In one line, cut where it does not fit."""
        text = " ".join(text.split())
        if self.get_string_width(text) <= width - 2 * self.c_margin:
            return text
        while text and self.get_string_width(f"{text}…") > width - 2 * self.c_margin:
            text = text[:-1]
        return f"{text}…"

    def wrapped(self, text: str, width: float) -> list[str]:
        """The lines that the text takes; a word that is too long is broken."""
        lines: list[str] = []
        for paragraph in text.replace("\t", " ").split("\n"):
            shown: Any = (
                self.multi_cell(width, 1, paragraph, dry_run=True, output="LINES") if paragraph else [""]
            )
            lines += shown
        return lines

    def write_lines(self, lines: list[str], width: float, height: float, align: str = "L") -> None:
        """From the present place down; the left edge stays."""
        left = self.get_x()
        for line in lines:
            self.cell(width, height, line, align=align)
            self.set_xy(left, self.get_y() + height)

    def rule(self) -> None:
        self.set_draw_color(*RULE)
        self.set_line_width(0.2)
        self.line(self.l_margin, self.get_y(), self.w - self.r_margin, self.get_y())

    @property
    def room(self) -> float:
        """What is left of the page."""
        return self.h - FOOT - self.get_y()
