// Calculations with the calibration area, in pixels of the module's picture.

export const WIDTH = 1280;
export const HEIGHT = 720;
// A drag does not make the area smaller than this, so that it cannot be lost; smaller values can be typed.
const MIN_DRAGGED = 16;

export const SIDES = ["left", "top", "width", "height"];

const clamp = (value, min, max) => Math.min(Math.max(value, min), Math.max(max, min));

export const isEqual = (one, other) => Boolean(one && other) && SIDES.every((side) => one[side] === other[side]);

/** Whether the module accepts the area. */
export function isValid({left, top, width, height}) {
  return (
    [left, top, width, height].every(Number.isInteger) &&
    left >= 0 && top >= 0 && width >= 1 && height >= 1 &&
    left + width <= WIDTH && top + height <= HEIGHT
  );
}

/** Moves the area, but not out of the picture. */
export function move(area, dx, dy) {
  return {
    ...area,
    left: clamp(area.left + dx, 0, WIDTH - area.width),
    top: clamp(area.top + dy, 0, HEIGHT - area.height),
  };
}

/** Moves only the edges in `edges` (some of "n", "s", "w", "e"). */
export function resize(area, edges, dx, dy, min = MIN_DRAGGED) {
  let {left, top, width, height} = area;
  if (edges.includes("e")) width = clamp(width + dx, Math.min(min, width), WIDTH - left);
  if (edges.includes("s")) height = clamp(height + dy, Math.min(min, height), HEIGHT - top);
  if (edges.includes("w")) {
    const edge = clamp(left + dx, 0, left + width - Math.min(min, width));
    width += left - edge;
    left = edge;
  }
  if (edges.includes("n")) {
    const edge = clamp(top + dy, 0, top + height - Math.min(min, height));
    height += top - edge;
    top = edge;
  }
  return {left, top, width, height};
}
