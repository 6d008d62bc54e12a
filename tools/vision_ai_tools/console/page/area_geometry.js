// Calculations with the calibration area, in pixels of the module's picture.

export const WIDTH = 1280;
export const HEIGHT = 720;
// A drag does not make the area smaller than this, so that it cannot be lost; smaller values can be typed.
const MIN_DRAGGED = 16;

export const SIDES = ["left", "top", "width", "height"];

const clamp = (value, min, max) => Math.min(Math.max(value, min), Math.max(max, min));

export const isEqual = (one, other) => Boolean(one && other) && SIDES.every((side) => one[side] === other[side]);

/** For each side, the other side of its axis, its smallest value, and the length of the picture. */
const AXES = {
  left: ["width", 0, WIDTH],
  width: ["left", 1, WIDTH],
  top: ["height", 0, HEIGHT],
  height: ["top", 1, HEIGHT],
};

/** The values that the module accepts for a side, with the others as they are in `area`. */
export function findRange(area, side) {
  const [other, min, length] = AXES[side];
  const smallestOther = AXES[other][1];
  const taken = Number.isInteger(area[other]) ? clamp(area[other], smallestOther, length - min) : smallestOther;
  return {min, max: length - taken};
}

/** The sides whose value the module does not accept. */
export function findWrongSides(area) {
  return SIDES.filter((side) => {
    const {min, max} = findRange(area, side);
    return !Number.isInteger(area[side]) || area[side] < min || area[side] > max;
  });
}

/** Whether the module accepts the area. */
export const isValid = (area) => findWrongSides(area).length === 0;

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
