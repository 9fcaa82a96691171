/** The look of the viewer: dark, calm, and nothing brighter than the picture. */
export const style = `
:host { display: block; min-height: 360px; height: 100%; color: #c9cfd4; background: #0b0d0f; font: 13px/1.35 system-ui, sans-serif; outline: none; }
:host([hidden]) { display: none; }
.viewer { display: grid; height: 100%; grid: auto minmax(0, 1fr) auto / auto minmax(0, 1fr); }
.toolbar { grid-column: 1 / -1; display: flex; flex-wrap: wrap; gap: 4px 9px; padding: 5px 8px; background: #15181b; border-bottom: 1px solid #262b30; }
.group { display: flex; gap: 3px; align-items: center; }
button, select, input { font: inherit; color: #dbe1e6; background: #1f2429; border: 1px solid #343b42; border-radius: 4px; min-height: 28px; }
.toolbar { font-size: 12px; }
.toolbar button { padding: 2px 6px; cursor: pointer; white-space: nowrap; }
button:hover { background: #2a3138; }
button[aria-pressed="true"] { background: #17405f; border-color: #4c9bd1; color: #fff; }
:is(button, select, input):focus-visible, :host(:focus-visible) .desk { outline: 2px solid #6cb8ee; outline-offset: -1px; }
kbd { font: 600 10px ui-monospace, monospace; color: #97a3ad; margin-left: 4px; }
button[aria-pressed="true"] kbd { color: #b9dcf5; }
label { display: flex; align-items: center; gap: 3px; color: #98a3ac; }
input { width: 4.6em; padding: 0 4px; appearance: textfield; }
input::-webkit-inner-spin-button { display: none; }
select { width: 9em; }
.strip { display: flex; flex-direction: column; gap: 6px; padding: 6px; overflow: auto; background: #111416; border-right: 1px solid #262b30; }
.strip button { display: grid; justify-items: center; width: 104px; flex: none; padding: 5px; cursor: pointer; text-align: center; }
.strip button[aria-current="true"] { border-color: #4c9bd1; }
.strip canvas { background: #000; }
.strip .name { overflow: hidden; max-width: 100%; text-overflow: ellipsis; white-space: nowrap; font-size: 12px; }
.strip .seen { font-size: 11px; color: #d8a657; }
.strip .seen.complete { color: #7fb77e; }
.desk { position: relative; overflow: hidden; background: #000; touch-action: none; cursor: crosshair; user-select: none; }
.pixels, .viewports { position: absolute; inset: 0; width: 100%; height: 100%; display: block; }
.viewports { display: grid; grid-template-columns: 1fr; gap: 2px; }
.viewports.two { grid-template-columns: 1fr 1fr; }
.viewport { position: relative; overflow: hidden; min-width: 0; }
.viewport.active { box-shadow: inset 0 0 0 1px #4c9bd1; }
.overlays { position: absolute; inset: 0; width: 100%; height: 100%; pointer-events: none; }
.overlays path { fill: #7fd4ff; stroke: #7fd4ff; stroke-width: .7px; vector-effect: non-scaling-stroke; }
.marks { position: absolute; inset: 0; width: 100%; height: 100%; pointer-events: none; }
.marks .halo, .marks .line { fill: none; vector-effect: non-scaling-stroke; }
.marks .halo { stroke: #000; stroke-width: 3.5px; opacity: .65; }
.marks .line { stroke: #ffd75e; stroke-width: 1.4px; }
.marks text { fill: #ffe08a; stroke: #000; stroke-width: 3px; paint-order: stroke; font-family: system-ui, sans-serif; }
.corners { pointer-events: none; font-variant-numeric: tabular-nums; }
.corner { position: absolute; max-width: 48%; padding: 6px; display: grid; }
.corner.left { justify-items: start; } .corner.right { justify-items: end; }
.corner div, .direction { background: rgb(0 0 0 / .6); padding: 0 4px; border-radius: 2px; }
.corner div { max-width: 100%; box-sizing: border-box; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.corner div:first-child { color: #eef2f5; font-weight: 600; }
.corner.top { top: 0; } .corner.bottom { bottom: 0; } .corner.left { left: 0; } .corner.right { right: 0; text-align: right; }
.direction { position: absolute; color: #d7dde2; font-weight: 600; }
.direction.left { left: 9px; top: 50%; } .direction.right { right: 9px; top: 50%; }
.direction.top { top: 9px; left: 50%; } .direction.bottom { bottom: 9px; left: 50%; }
.message { position: absolute; inset: 0; display: grid; place-items: center; padding: 20%; text-align: center; pointer-events: none; color: #aeb8c0; }
.message:empty { display: none; }
.viewport[data-state="failed"] .message { color: #ff9f8f; font-size: 15px; }
.status { grid-column: 1 / -1; display: flex; flex-wrap: wrap; gap: 0 14px; align-items: center; padding: 4px 9px; background: #15181b; border-top: 1px solid #262b30; color: #98a3ac; }
.status .complete { color: #7fb77e; } .status .open { color: #d8a657; } .status .trouble { color: #ff9f8f; }
@media (max-width: 760px) {
  .viewer { grid: auto minmax(0, 1fr) auto auto / minmax(0, 1fr); }
  .toolbar { flex-wrap: nowrap; overflow-x: auto; }
  .strip { grid-row: 3; flex-direction: row; border: 0; border-top: 1px solid #262b30; }
  .strip button { width: 88px; } .strip canvas { width: 56px; height: 56px; }
  .corner { font-size: 11px; padding: 4px 6px; }
  .status { font-size: 12px; }
}
@media (pointer: coarse) { button, select, input { min-height: 40px; } }
`;
