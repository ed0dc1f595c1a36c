"""Units of measurement and money, in every spelling that answers use for them."""

from dataclasses import dataclass

# dimension: {unit: (factor to the dimension's base, spellings)}
_TABLE: dict[str, dict[float, str]] = {
    "%": {1: "% ٪ percent pct prozent pourcent porciento persen"},
    "points": {1: "pp", 0.01: "bps bp"},
    "usd": {1: "$ us$ usd dollar dollars", 0.01: "cent cents ¢"},
    "eur": {1: "€ eur euro euros"},
    "gbp": {1: "£ gbp pound pounds"},
    "jpy": {1: "¥ jpy yen"},
    "inr": {1: "₹ inr rs rupee rupees"},
    "chf": {1: "chf"},
    "thb": {1: "฿ thb baht"},
    "idr": {1: "rp idr rupiah"},
    "php": {1: "₱ php peso pesos"},
    "vnd": {1: "₫ vnd đồng dong"},
    "brl": {1: "r$ brl reais real"},
    "time": {
        0.001: "ms millisecond milliseconds",
        1: "s sec secs second seconds sekunden segundos secondes",
        60: "min mins minute minutes minuten minutos minuti",
        3600: "h hr hrs hour hours stunde stunden heure heures hora horas ore",
        86400: "day days tag tage tagen jour jours día días dia dias giorni hari",
        604800: "week weeks woche wochen semaine semaines semana semanas settimane minggu",
    },
    "months": {
        1: "month months monat monate monaten mois mes meses mesi bulan",
        3: "quarter quarters",
        12: "year years yr yrs jahr jahre jahren an ans année années año años ano anos anni tahun",
        120: "decade decades",
    },
    "length": {
        1e-6: "μm µm micron microns",
        0.001: "mm millimetre millimetres millimeter millimeters",
        0.01: "cm centimetre centimetres centimeter centimeters",
        0.0254: "inch inches",
        0.3048: "ft foot feet",
        1: "m metre metres meter meters",
        1000: "km kilometre kilometres kilometer kilometers",
        1609.344: "mile miles",
    },
    "area": {1: "m² m2 sqm", 10_000: "ha hectare hectares", 1e6: "km² km2"},
    "volume": {
        0.001: "ml millilitre millilitres milliliter milliliters",
        0.01: "cl",
        1: "l litre litres liter liters",
        1000: "m³ m3",
    },
    "mass": {
        1e-6: "mg milligram milligrams",
        0.001: "g gram grams",
        0.453592: "lb lbs",
        1: "kg kilogram kilograms kilo kilos",
        1000: "t tonne tonnes ton tons",
    },
    "celsius": {1: "°c ℃"},
    "fahrenheit": {1: "°f ℉"},
    "degrees": {1: "° degree degrees"},
    "data": {1: "kb", 1000: "mb", 1e6: "gb", 1e9: "tb"},
    "power": {1: "w watt watts", 1000: "kw kilowatt kilowatts", 1e6: "megawatt megawatts"},
    "energy": {1: "wh", 1000: "kwh", 1e6: "mwh", 1e9: "gwh"},
    "pressure": {1: "pa", 1000: "kpa", 6894.76: "psi", 100: "mbar", 100_000: "bar bars", 1e6: "mpa"},
    "voltage": {1: "v volt volts", 1000: "kv"},
    "current": {0.001: "ma", 1: "amp amps ampere amperes"},
    "frequency": {1: "hz", 1000: "khz", 1e6: "mhz", 1e9: "ghz"},
    "speed": {1: "km/h kph", 3.6: "m/s", 1.609344: "mph"},
    "turns": {1: "rpm"},
    "sound": {1: "db"},
}


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit's dimension, and its size in the dimension's base unit."""

    dimension: str
    factor: float


NO_UNIT = Unit("", 1.0)
_UNITS = {
    spelling: Unit(dimension, factor)
    for dimension, sizes in _TABLE.items()
    for factor, spellings in sizes.items()
    for spelling in spellings.split()
}


def unit_named(word: str) -> Unit | None:
    """Return the unit that `word` spells, None for any other word."""
    return _UNITS.get(word.casefold()) or _UNITS.get(word.casefold().rstrip("."))
