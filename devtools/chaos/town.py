"""Everybody who works at the companies and in their QuickBooks, and those who watch what comes of it."""

import random

from devtools.chaos.bookkeeper import Bookkeeper
from devtools.chaos.books import Books
from devtools.chaos.diary import Diary, Entry
from devtools.chaos.office import Office
from devtools.chaos.registry import Registry
from devtools.chaos.said import Said
from devtools.chaos.scene import Scene
from devtools.chaos.sentences import Sentences
from devtools.chaos.verdicts import Judge, Verdicts
from devtools.chaos.work import Crew


class Town:
    """Crews, bookkeepers and books by the id of the company of ours."""

    def __init__(self, scene: Scene, chance: random.Random) -> None:
        self.scene, quickbooks = scene, scene.quickbooks
        self.diary, self.said = Diary(), Said(quickbooks)
        self.books = {tenant.company_id: Books(quickbooks, tenant.realm) for tenant in scene.tenants}
        self.crews = {id_: Crew(id_, self.diary, random.Random(chance.random())) for id_ in self.books}
        self.bookkeepers = {
            id_: Bookkeeper(quickbooks, books, self.crews[id_], self.diary, random.Random(chance.random()))
            for id_, books in self.books.items()
        }
        self.sentences = Sentences(self.books, self.said)
        self._registry = Registry(self.diary, {tenant.realm: tenant.company_id for tenant in scene.tenants})
        self.office = Office(
            self.diary, self.said, self.sentences, self._owns, random.Random(chance.random())
        )
        self._judge = Judge(self.diary, self._registry, self.said)

    def remember_whose(self) -> None:
        """For which record of ours each was made, while that can still be told."""
        for books in self.books.values():
            books.refresh()
            self._registry.made_for(books)

    def _owns(self, entry: Entry, remote_id: str) -> bool:
        self.remember_whose()
        return self._registry.maker(self.books[entry.company_id].realm, (entry.entity, remote_id)) is entry

    def judged(self) -> Verdicts:
        verdicts = Verdicts()
        for tenant in self.scene.tenants:
            self._judge.look(tenant, self.books[tenant.company_id], verdicts)
        verdicts.untrue, self.sentences.untrue = self.sentences.untrue, []
        return verdicts
