// The calibration area as numbers: pixels of the module's picture, whatever size it is shown in.

export const WIDTH = 1280;
export const HEIGHT = 720;
// Smaller areas can be typed, but not lost by a careless drag.
const LEAST_DRAGGED = 16;

export const SIDES = ["left", "top", "width", "height"];

const within = (value, least, most) => Math.min(Math.max(value, least), Math.max(most, least));

export const same = (one, other) => Boolean(one && other) && SIDES.every((side) => one[side] === other[side]);

/** Whether the module can take it. */
export function possible({left, top, width, height}) {
  return (
    [left, top, width, height].every(Number.isInteger) &&
    left >= 0 && top >= 0 && width >= 1 && height >= 1 &&
    left + width <= WIDTH && top + height <= HEIGHT
  );
}

/** Moved as a whole, as far as the picture goes. */
export function moved(area, dx, dy) {
  return {
    ...area,
    left: within(area.left + dx, 0, WIDTH - area.width),
    top: within(area.top + dy, 0, HEIGHT - area.height),
  };
}

/** With the edges named in `edges` (some of "n", "s", "w", "e") moved. */
export function resized(area, edges, dx, dy, least = LEAST_DRAGGED) {
  let {left, top, width, height} = area;
  if (edges.includes("e")) width = within(width + dx, Math.min(least, width), WIDTH - left);
  if (edges.includes("s")) height = within(height + dy, Math.min(least, height), HEIGHT - top);
  if (edges.includes("w")) {
    const edge = within(left + dx, 0, left + width - Math.min(least, width));
    width += left - edge;
    left = edge;
  }
  if (edges.includes("n")) {
    const edge = within(top + dy, 0, top + height - Math.min(least, height));
    height += top - edge;
    top = edge;
  }
  return {left, top, width, height};
}
