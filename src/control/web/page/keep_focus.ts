/** The keyboard is never lost: what had it may go, or be disabled, and the browser would begin at the top again. */

/** Gives it to what is nearest when what has it in `root` goes: what was around that, else the list, else the page. */
export function keepFocus(root: HTMLElement): void {
  /** What had it last, and everything around that, from the inside out. */
  let path: readonly Element[] = [];
  root.addEventListener("focusin", ({ target }) => {
    path = target instanceof Element ? withAncestors(target) : [];
  });
  root.addEventListener("focusout", () => {
    // whoever leaves what is still there wants to; some browsers say so of what is taken away as well
    queueMicrotask(() => {
      const [left] = path;
      if (document.activeElement === document.body && left !== undefined && isUsable(left)) {
        path = [];
      }
    });
  });
  const look = () => {
    const [had] = path;
    const { activeElement, body } = document;
    const list = root.querySelector<HTMLElement>("[role=grid]");
    // the list came where the keyboard waits for it
    if (activeElement?.id === "main" && list !== null && isUsable(list)) return list.focus();
    if (had === undefined || isUsable(had)) return;
    if (activeElement !== null && activeElement !== body && activeElement !== had) return;
    const near = path.find((each) => each.id !== "main" && canFocus(each)) ??
      list ?? root.querySelector("#main");
    if (near instanceof HTMLElement) near.focus();
  };
  // the browser may be just about to give it back itself, as when a dialog closes
  new MutationObserver(() => setTimeout(look)).observe(root, {
    attributeFilter: ["disabled", "open"],
    childList: true,
    subtree: true,
  });
}

function withAncestors(element: Element): Element[] {
  const all: Element[] = [];
  for (let at: Element | null = element; at !== null; at = at.parentElement) all.push(at);
  return all;
}

function isUsable(element: Element): boolean {
  return element.isConnected && !element.matches(":disabled") &&
    element.checkVisibility({ visibilityProperty: true });
}

function canFocus(element: Element): boolean {
  return element.hasAttribute("tabindex") && isUsable(element);
}
