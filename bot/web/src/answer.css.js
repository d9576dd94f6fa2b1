export default `
:host { display: block; color: var(--text); font: 15px/1.5 var(--font); }
section + section { margin-top: 1.25rem; padding-top: 1.25rem; border-top: 1px solid var(--line); }
.headline { margin: 0; white-space: pre-line; font-size: 1.02rem; }
.headline.has-data { font-weight: 600; }
.status { margin: 0; color: var(--quiet); }
.status::before { content: ""; display: inline-block; width: 0.6em; height: 0.6em; margin-right: 0.5em;
  border-radius: 50%; background: var(--accent); animation: pulse 1.2s ease-in-out infinite; }
@keyframes pulse { 50% { opacity: 0.25; } }
@media (prefers-reduced-motion: reduce) { .status::before { animation: none; } }
.filters { display: flex; flex-wrap: wrap; gap: 0.35rem; margin: 0.5rem 0 0; padding: 0; list-style: none; }
.filters li { padding: 0.05rem 0.55rem; border-radius: 999px; background: var(--raised); color: var(--quiet); font-size: 0.82rem; }
.figure { margin-top: 0.8rem; border: 1px solid var(--line); border-radius: 10px; overflow: hidden; }
.toggle { display: flex; gap: 0.15rem; padding: 0.35rem; border-bottom: 1px solid var(--line); background: var(--raised); }
.toggle button { padding: 0.15rem 0.7rem; border: 0; border-radius: 6px; background: none; color: var(--quiet); font: inherit; font-size: 0.85rem; cursor: pointer; }
.toggle button[aria-pressed="true"] { background: var(--surface); color: var(--text); box-shadow: 0 0 0 1px var(--line); }
.chart { padding: 0.75rem 0.75rem 0.5rem; min-height: 8rem; }
.chart .vega-embed { display: block; width: 100%; }
.chart svg { max-width: 100%; }
.scroll { overflow: auto; max-height: 32rem; }
table { width: 100%; border-collapse: collapse; font-size: 0.92rem; font-variant-numeric: tabular-nums; }
th { position: sticky; top: 0; background: var(--raised); color: var(--quiet); font-weight: 600; text-align: left; white-space: nowrap; }
th, td { padding: 0.4rem 0.75rem; border-bottom: 1px solid var(--line); }
td:first-child { min-width: 8rem; }
tbody tr:last-child td { border-bottom: 0; }
.right { text-align: right; white-space: nowrap; }
.more { display: block; width: 100%; padding: 0.45rem; border: 0; border-top: 1px solid var(--line); background: none; color: var(--accent); font: inherit; font-size: 0.88rem; cursor: pointer; }
h3 { margin: 1rem 0 0.35rem; color: var(--quiet); font-size: 0.8rem; font-weight: 600; text-transform: uppercase; letter-spacing: 0.05em; }
.value { margin: 0.4rem 0 0; font-size: 2rem; font-weight: 650; line-height: 1.2; font-variant-numeric: tabular-nums; }
.value small { display: block; color: var(--quiet); font-size: 0.85rem; font-weight: 400; }
blockquote { margin: 0.5rem 0 0; padding: 0.1rem 0 0.1rem 0.8rem; border-left: 3px solid var(--line); overflow-wrap: anywhere; }
blockquote.negative { border-color: var(--bad); }
blockquote.positive { border-color: var(--good); }
blockquote footer { color: var(--quiet); font-size: 0.82rem; }
ul.todo { margin: 0; padding: 0 0 0 1.1rem; }
ul.todo span { display: block; color: var(--quiet); font-size: 0.88rem; }
.issue { margin-top: 0.8rem; padding: 0.6rem 0.8rem; border-radius: 8px; background: var(--warn-soft); color: var(--warn); }
.issue.bad { background: var(--bad-soft); color: var(--bad); }
.issue p { margin: 0; }
.issue small { opacity: 0.8; }
.chips { display: flex; flex-wrap: wrap; gap: 0.4rem; margin-top: 0.6rem; }
.chip { padding: 0.3rem 0.75rem; border: 1px solid var(--line); border-radius: 999px; background: var(--surface); color: var(--accent); font: inherit; font-size: 0.9rem; text-align: left; cursor: pointer; }
.chip:hover { background: var(--accent-soft); border-color: var(--accent); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
details { margin-top: 0.9rem; color: var(--quiet); font-size: 0.88rem; }
summary { cursor: pointer; width: fit-content; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0.3rem 1rem; margin: 0.5rem 0; }
dt { font-weight: 600; }
dd { margin: 0; overflow-wrap: anywhere; color: var(--text); }
pre { margin: 0.4rem 0 0; padding: 0.7rem; border-radius: 8px; background: var(--raised); color: var(--text); font: 0.82rem/1.5 var(--mono); overflow-x: auto; }
@media (max-width: 32rem) {
  dl { grid-template-columns: 1fr; }
  th, td { padding: 0.35rem 0.5rem; }
}
`;
