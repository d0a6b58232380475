/** Tell Home Assistant's frontend something, in its own way. */
export function fireEvent(
  target: EventTarget,
  type: string,
  detail: Record<string, unknown> = {},
): void {
  target.dispatchEvent(
    new CustomEvent(type, { bubbles: true, composed: true, detail }),
  );
}

/** Open the dialog of an entity. */
export function showMoreInfo(target: EventTarget, entityId: string): void {
  fireEvent(target, "hass-more-info", { entityId });
}

/** Go to another page without loading it anew. */
export function navigate(path: string): void {
  history.pushState(null, "", path);
  fireEvent(window, "location-changed", { replace: false });
}
