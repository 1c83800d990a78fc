"""Owns how the officer's choice of what colours the grids reads: its name, its classes, a value. Must not count."""

from app.centre.types_in_force import type_name
from app.i18n import tr
from app.projections.grid_indicators import ALL_KINDS, BY_ID, Indicator
from widgets.map.layers import LayerStack


def chosen(stack: LayerStack) -> tuple[Indicator, str]:
    """The indicator and the kind of incident that it is narrowed to."""
    indicator = BY_ID[str(stack.option("grids", "indicator"))]
    return indicator, str(stack.option("grids", "kind")) if indicator.by_kind else ALL_KINDS


def choice_text(stack: LayerStack) -> str:
    indicator, kind = chosen(stack)
    name = tr(indicator.name_key)
    if kind == ALL_KINDS:
        return name
    return tr("grid.legend.of_kind", indicator=name, kind=type_name(kind))


def class_texts(indicator: Indicator) -> list[str]:
    """What each level means, from 0 up."""
    return [_class_text(*bounds) for bounds in indicator.classes()]


def value_text(indicator: Indicator, kind: str, value: int | None) -> str:
    """A figure as a sentence; None where a grid has nothing to measure."""
    if value is None:
        return tr("grid.legend.of_kind", indicator=tr(indicator.name_key), kind=tr("grid.value.none"))
    text = tr(indicator.unit_key, value=value)
    if kind == ALL_KINDS:
        return text
    return tr("grid.value.of_kind", kind=type_name(kind), value=text)


def _class_text(least: int, most: int | None) -> str:
    if most is None:
        return tr("grid.legend.more", least=least)
    return str(least) if least == most else tr("grid.legend.range", least=least, most=most)
