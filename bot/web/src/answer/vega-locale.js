// How d3 writes numbers and dates, taken from the browser's own knowledge of a locale.

const YEAR = 2023; // begins on a Sunday, as d3 counts weekdays

export function numberLocale(locale) {
  const parts = new Intl.NumberFormat(locale, { useGrouping: true, minimumFractionDigits: 1 }).formatToParts(-1234567.5);
  const found = Object.fromEntries(parts.map(({ type, value }) => [type, value]));
  return { decimal: found.decimal ?? ".", thousands: found.group ?? ",", grouping: [3], currency: ["", ""] };
}

export function timeLocale(locale) {
  const names = (options, dates) => dates.map((date) => new Intl.DateTimeFormat(locale, { ...options, timeZone: "UTC" }).format(date));
  const months = Array.from({ length: 12 }, (_, month) => new Date(Date.UTC(YEAR, month, 1)));
  const days = Array.from({ length: 7 }, (_, day) => new Date(Date.UTC(YEAR, 0, 1 + day)));
  return {
    dateTime: "%x, %X",
    date: "%d.%m.%Y",
    time: "%H:%M:%S",
    periods: ["AM", "PM"],
    days: names({ weekday: "long" }, days),
    shortDays: names({ weekday: "short" }, days),
    months: names({ month: "long" }, months),
    shortMonths: names({ month: "short" }, months),
  };
}
