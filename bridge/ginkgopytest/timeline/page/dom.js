// Elements: those of page.html, and new ones.

/**
 * byId is an element of page.html, of the type that the caller needs.
 * @template {Element} T
 * @param {string} id
 * @param {new () => T} type
 * @returns {T}
 */
export function byId(id, type) {
  const found = document.getElementById(id);
  if (!(found instanceof type)) {
    throw new Error(`page.html has no ${type.name} with the id ${id}`);
  }
  return found;
}

/**
 * penOf is what draws on a canvas.
 * @param {HTMLCanvasElement} surface
 */
export function penOf(surface) {
  const pen = surface.getContext("2d");
  if (!pen) {
    throw new Error("this browser cannot draw on a canvas");
  }
  return pen;
}

/**
 * element makes one with properties and children.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Partial<HTMLElementTagNameMap[K]>} properties
 * @param {(Node | string)[]} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}
