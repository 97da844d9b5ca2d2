#include "report/drawings/svg.hpp"

namespace flowship::report {

std::string_view svg_style() {
  return R"css(.flow-drawing {
  color-scheme: light dark;
  --flow-paper: #f6f7f9; --flow-grid: #dde1e8; --flow-box: #ffffff; --flow-edge: #cfd5df; --flow-text: #1b2330;
  --flow-soft: #5b6676; --flow-line: #8793a5; --flow-rule: #edf0f4;
  --flow-screen: #2563eb; --flow-action: #0f766e; --flow-condition: #b45309; --flow-subflow: #7c3aed;
  --flow-other: #64748b; --flow-missing: #be123c; --flow-entry: #1b2330; --flow-on-colour: #ffffff;
  --flow-added: #15803d; --flow-changed: #a16207; --flow-removed: #be123c;
  background: var(--flow-paper);
  font-family: system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif;
}
@media (prefers-color-scheme: dark) {
  .flow-drawing {
    --flow-paper: #10151d; --flow-grid: #212a37; --flow-box: #1a212c; --flow-edge: #38445a; --flow-text: #e8edf5;
    --flow-soft: #a3afc0; --flow-line: #6f7d93; --flow-rule: #263040;
    --flow-screen: #60a5fa; --flow-action: #2dd4bf; --flow-condition: #fbbf24; --flow-subflow: #c4a5fd;
    --flow-other: #94a3b8; --flow-missing: #fb7185; --flow-entry: #e8edf5; --flow-on-colour: #10151d;
    --flow-added: #4ade80; --flow-changed: #facc15; --flow-removed: #fb7185;
  }
}
.flow-drawing .paper { fill: var(--flow-paper); }
.flow-drawing .dot { fill: var(--flow-grid); }
.flow-drawing .box { fill: var(--flow-box); stroke: var(--flow-edge); stroke-width: 1.25; }
.flow-drawing .rule { stroke: var(--flow-rule); }
.flow-drawing .name { fill: var(--flow-text); font-size: 12.5px; font-weight: 600; }
.flow-drawing .what { fill: var(--flow-soft); font-size: 10.5px; }
.flow-drawing .label { fill: var(--flow-text); font-size: 11px; }
.flow-drawing .port { fill: var(--flow-box); stroke: var(--flow-line); stroke-width: 1.5; }
.flow-drawing .arrow path { fill: none; stroke: var(--flow-line); stroke-width: 1.6; }
.flow-drawing .tip { fill: var(--flow-line); }
.flow-drawing .icon { fill: none; stroke: var(--flow-on-colour); stroke-width: 1.7; stroke-linecap: round;
  stroke-linejoin: round; }
.flow-drawing .screen .plate { fill: var(--flow-screen); }
.flow-drawing .action .plate { fill: var(--flow-action); }
.flow-drawing .condition .plate { fill: var(--flow-condition); }
.flow-drawing .subflow .plate { fill: var(--flow-subflow); }
.flow-drawing .other .plate { fill: var(--flow-other); }
.flow-drawing .missing .plate { fill: var(--flow-missing); }
.flow-drawing .missing .box { stroke: var(--flow-missing); stroke-dasharray: 5 4; }
.flow-drawing .entry .box { fill: var(--flow-entry); stroke: none; }
.flow-drawing .entry .name { fill: var(--flow-on-colour); }
.flow-drawing .added > .box { stroke: var(--flow-added); stroke-width: 2.5; }
.flow-drawing .changed > .box { stroke: var(--flow-changed); stroke-width: 2.5; }
.flow-drawing .removed > .box { stroke: var(--flow-removed); stroke-width: 2.5; stroke-dasharray: 7 4; }
.flow-drawing .added > .badge { fill: var(--flow-added); }
.flow-drawing .changed > .badge { fill: var(--flow-changed); }
.flow-drawing .removed > .badge { fill: var(--flow-removed); }
.flow-drawing .sign { fill: var(--flow-on-colour); font-size: 10.5px; font-weight: 700; }
.flow-drawing .arrow.added path { stroke: var(--flow-added); stroke-width: 2.4; }
.flow-drawing .arrow.changed path { stroke: var(--flow-changed); stroke-width: 2.4; }
.flow-drawing .arrow.removed path { stroke: var(--flow-removed); stroke-width: 2.4; stroke-dasharray: 7 4; }
.flow-drawing .tip.added { fill: var(--flow-added); }
.flow-drawing .tip.changed { fill: var(--flow-changed); }
.flow-drawing .tip.removed { fill: var(--flow-removed); }
.flow-drawing .label.added { fill: var(--flow-added); font-weight: 600; }
.flow-drawing .label.changed { fill: var(--flow-changed); font-weight: 600; }
.flow-drawing .label.removed { fill: var(--flow-removed); text-decoration: line-through; }
)css";
}

}  // namespace flowship::report
