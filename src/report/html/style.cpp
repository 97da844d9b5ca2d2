#include "report/html/style.hpp"

namespace flowship::report {

std::string_view page_style() {
  return R"css(:root {
  color-scheme: light dark;
  --paper: #ffffff; --card: #f6f7f9; --edge: #dde1e8; --text: #1b2330; --soft: #5b6676; --link: #1d4ed8;
  --added: #15803d; --changed: #a16207; --removed: #be123c; --moved: #475569;
  --added-paper: #e9f7ee; --removed-paper: #fdecef;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #0b0f15; --card: #131923; --edge: #2a3444; --text: #e8edf5; --soft: #a3afc0; --link: #93c5fd;
    --added: #4ade80; --changed: #facc15; --removed: #fb7185; --moved: #94a3b8;
    --added-paper: #0f2a1a; --removed-paper: #341722;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--text); line-height: 1.5;
  font-family: system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif; }
header, main { max-width: 1500px; margin: 0 auto; padding: 0 28px; }
header { padding-top: 32px; }
h1 { font-size: 26px; margin: 0 0 4px; }
h2 { font-size: 20px; margin: 0; }
h3 { font-size: 15px; margin: 28px 0 8px; }
a { color: var(--link); }
code { font: 0.92em ui-monospace, "SF Mono", Menlo, "DejaVu Sans Mono", monospace; overflow-wrap: anywhere; }
.soft { color: var(--soft); margin: 2px 0; }
.warning { border-left: 4px solid var(--changed); padding: 4px 12px; background: var(--card); margin: 12px 0; }
.overview { border-collapse: collapse; margin: 20px 0 8px; }
.overview td { padding: 5px 18px 5px 0; vertical-align: baseline; }
.legend { display: flex; flex-wrap: wrap; gap: 6px 20px; padding: 0; margin: 16px 0 8px; list-style: none;
  color: var(--soft); font-size: 14px; }
section { border-top: 1px solid var(--edge); margin-top: 32px; padding-top: 24px; }
.sign { display: inline-block; width: 1.3em; font-weight: 700; text-align: center; text-indent: 0; }
.added > .sign { color: var(--added); } .removed > .sign { color: var(--removed); }
.changed > .sign { color: var(--changed); } .moved > .sign { color: var(--moved); }
.sentences { list-style: none; padding: 0; margin: 14px 0; }
.sentences li { padding: 3px 0 3px 1.7em; text-indent: -1.7em; }
.sentences code { background: var(--card); border-radius: 4px; padding: 1px 5px; }
.sentences q { background: var(--card); border-radius: 4px; padding: 1px 3px; overflow-wrap: anywhere; }
figure { margin: 12px 0 20px; }
figcaption { font-size: 14px; font-weight: 600; margin-bottom: 6px; }
.canvas { overflow: auto; max-height: 78vh; border: 1px solid var(--edge); border-radius: 10px; }
.canvas svg { display: block; }
.texts { width: 100%; border-collapse: collapse; table-layout: fixed; font-size: 14px; margin-bottom: 20px; }
.texts th { text-align: left; color: var(--soft); font-weight: 600; }
.texts th, .texts td { border-bottom: 1px solid var(--edge); padding: 6px 10px; vertical-align: top;
  overflow-wrap: anywhere; }
.texts th:first-child { width: 11em; }
.texts td:first-child { color: var(--soft); }
.texts .was { background: var(--removed-paper); } .texts .is { background: var(--added-paper); }
footer { max-width: 1500px; margin: 0 auto; padding: 24px 28px 40px; color: var(--soft); font-size: 13px; }
@media print { .canvas { overflow: visible; max-height: none; } .canvas svg { width: 100%; height: auto; } }
)css";
}

}  // namespace flowship::report
