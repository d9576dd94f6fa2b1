// A raw value as the reader's locale writes it, by its unit. Ratios are fractions on the wire.

import { LOCALE } from "./locale.js";

const MISSING = "–";
const DURATIONS = { seconds: "s", minutes: "min", hours: "h", days: "d" };

const number = (digits, least = digits) =>
  new Intl.NumberFormat(LOCALE, { maximumFractionDigits: digits, minimumFractionDigits: least });
const whole = number(0);
const tenth = number(1);
const hundredth = number(2);
const asIs = number(2, 0);
const small = new Intl.NumberFormat(LOCALE, { maximumSignificantDigits: 3 });
const share = new Intl.NumberFormat(LOCALE, { style: "percent", minimumFractionDigits: 1, maximumFractionDigits: 1 });

const amounts = new Map();

// Amounts whose currency is not known are plain numbers.
function amount(code) {
  if (!code) return hundredth;
  if (!amounts.has(code)) amounts.set(code, new Intl.NumberFormat(LOCALE, { style: "currency", currency: code }));
  return amounts.get(code);
}

const FIGURES = {
  count: (value) => (Number.isInteger(value) ? whole : tenth).format(value),
  ratio: (value) => share.format(value),
  points: (value) => `${value > 0 ? "+" : ""}${tenth.format(value * 100)} pp`,
  currency: (value, code) => amount(code).format(value),
  stars: (value) => `${hundredth.format(value)} ★`,
};

const DATES = {
  hour: { dateStyle: "medium", timeStyle: "short" },
  timestamp: { dateStyle: "medium", timeStyle: "short" },
  month: { month: "short", year: "numeric" },
  year: { year: "numeric" },
};

export function cell(value, column) {
  if (value === null || value === undefined) return MISSING;
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "number") return signed(figure(value, column.unit, column.currency), value, column);
  return column.role === "time" || column.type === "date" ? day(value, column.unit) : String(value);
}

export function figure(value, unit, currency) {
  if (unit in FIGURES) return FIGURES[unit](value, currency);
  const text = (value !== 0 && Math.abs(value) < 0.01 ? small : asIs).format(value);
  return unit in DURATIONS ? `${tenth.format(value)} ${DURATIONS[unit]}` : text;
}

function signed(text, value, column) {
  return column.role === "change" && value > 0 && !text.startsWith("+") ? `+${text}` : text;
}

// Dates are calendar dates in UTC: shown in the reader's way of writing, never in another zone.
export function day(text, unit = "day") {
  const moment = new Date(/T/.test(text) ? `${text.replace(/(Z|[+-]\d\d:\d\d)$/, "")}Z` : `${text}T00:00:00Z`);
  if (Number.isNaN(moment.valueOf())) return String(text);
  if (unit === "quarter") return `Q${Math.floor(moment.getUTCMonth() / 3) + 1} ${moment.getUTCFullYear()}`;
  const written = new Intl.DateTimeFormat(LOCALE, { timeZone: "UTC", ...(DATES[unit] ?? { dateStyle: "medium" }) }).format(moment);
  return unit === "week" ? `week of ${written}` : written;
}

export function isNumeric(column) {
  return column.type === "number" || column.type === "integer";
}

export function heads(answer) {
  const labels = Object.fromEntries((answer.provenance?.metrics ?? []).map((m) => [m.name, words(m.label)]));
  return answer.columns.map((column) => head(column, labels));
}

function head(column, labels) {
  const metric = column.metric ?? column.name;
  const label = labels[metric] ?? words(metric);
  switch (column.role) {
    case "time": return words(column.unit);
    case "metric": return label;
    case "baseline": return `${label} before`;
    case "change": return column.unit === "ratio" ? "Change, relative" : "Change";
    case "count": return "Responses";
    default: return words(column.name);
  }
}

export function words(name) {
  const text = name.replaceAll("_", " ").trim();
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
