// A chart in words, for whoever cannot see it: what it shows, where it begins and ends, its extremes.
import { cell, heads } from "../base/format.js";

export function described(answer) {
  const about = answer.chart.description ?? answer.text;
  const position = answer.columns.findIndex((column) => column.role === "metric");
  const by = answer.columns.findIndex((column) => column.role === "time" || column.role === "dimension");
  const rows = answer.rows.filter((row) => typeof row[position] === "number");
  if (position < 0 || by < 0 || !rows.length) return about;
  const say = (row) => `${cell(row[position], answer.columns[position])} (${cell(row[by], answer.columns[by])})`;
  const sorted = [...rows].sort((a, b) => a[position] - b[position]);
  const ends = answer.columns[by].role === "time" && rows.length > 1 ? [`from ${say(rows[0])} to ${say(rows.at(-1))}`] : [];
  const parts = [...ends, `highest ${say(sorted.at(-1))}`, `lowest ${say(sorted[0])}`];
  return `${about.replace(/\.$/, "")}. ${heads(answer)[position]}: ${parts.join(", ")}. The table has every figure.`;
}
