/** What the tests of the dashboard ask of a page, in its own language. */

window.judge = (() => {
  const ours = "miner-controller-";

  /** Call a function with each element, those in shadow roots too. */
  const each = (root, tell) => {
    for (const element of root.querySelectorAll("*")) {
      tell(element);
      if (element.shadowRoot) each(element.shadowRoot, tell);
    }
  };

  const all = () => {
    const found = [];
    each(document, (element) => found.push(element));
    return found;
  };

  const isSideways = (element) => {
    const name = element.localName;
    const { width, height, right } = element.getBoundingClientRect();
    const isCard = name.startsWith(ours) || name === "hui-card";
    if (isCard && width && right > innerWidth + 1) return true;
    // The tabs of the views, which are low, are what may be moved sideways.
    const { overflowX } = getComputedStyle(element);
    const canScroll =
      ["auto", "scroll"].includes(overflowX) || element === document.scrollingElement;
    return canScroll && element.scrollWidth > element.clientWidth + 1 && height > 60;
  };

  /** Return what does not fit, once it has had the time to find its size. */
  const sideways = async () => {
    const end = performance.now() + 5000;
    for (;;) {
      const found = all().filter(isSideways);
      if (!found.length || performance.now() > end) {
        return found.map(({ localName, className }) => `${localName}.${className}`);
      }
      await new Promise(requestAnimationFrame);
    }
  };

  /** Return what of our elements some people cannot use. */
  const violations = async () => {
    const elements = all();
    const shown = elements.filter(
      (element) =>
        element.localName.startsWith(ours) && element.getBoundingClientRect().width,
    );
    if (!shown.length) return [];
    // A colour that changes has no contrast that counts.
    const moving = elements
      .flatMap((element) => element.getAnimations())
      .filter(({ effect }) => effect.getComputedTiming().endTime < Infinity);
    await Promise.allSettled(moving.map(({ finished }) => finished));
    const found = await axe.run({ include: shown }, { resultTypes: ["violations"] });
    return found.violations
      .filter(({ impact }) => ["serious", "critical"].includes(impact))
      .flatMap(({ id, nodes }) =>
        nodes.map(
          ({ target, failureSummary }) =>
            `${id}: ${target.flat().at(-1)}: ${failureSummary}`,
        ),
      );
  };

  return { sideways, violations };
})();
