// Looks over the page as it stands: names, sizes, contrast (WCAG 2.2, 1.4.3 and 2.5.8), order, landmarks. Lists what is wrong.
() => {
  const problems = [];
  const visible = (element) => element.checkVisibility({ visibilityProperty: true }) && !element.closest(".unseen, .skip");
  const ink = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgba = (colour) => {
    ink.clearRect(0, 0, 1, 1);
    ink.fillStyle = colour;
    ink.fillRect(0, 0, 1, 1);
    return [...ink.getImageData(0, 0, 1, 1).data].map((part) => part / 255);
  };
  const paper = (element) => {
    const layers = [];
    for (let at = element; at; at = at.parentElement) layers.push(rgba(getComputedStyle(at).backgroundColor));
    return layers.reverse().reduce((under, [r, g, b, a]) => 
      [r, g, b].map((part, place) => part * a + under[place] * (1 - a)), [1, 1, 1]);
  };
  const light = (colour) => {
    const [r, g, b] = colour.map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
  if (new Set(ids).size !== ids.length) problems.push("an id stands twice");
  for (const element of document.querySelectorAll("body *")) {
    if (!visible(element)) continue;
    const name = element.getAttribute("aria-label") || element.textContent.trim() || element.labels?.[0]?.textContent.trim();
    const what = `${element.tagName} ${element.className?.baseVal ?? element.className} ${(name ?? "").slice(0, 30)}`;
    if (element.matches("button, a, input, textarea") && !name) problems.push(`no name: ${what}`);
    if (element.matches("button, a.key") && !element.closest(".body, .meta")) {
      const box = element.getBoundingClientRect();
      if (box.width < 24 || box.height < 24) problems.push(`too small: ${what}`);
    }
    if (element.tabIndex > 0) problems.push(`order of its own: ${what}`);
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    if (!own || element.matches(".spoiler[aria-expanded=false], :disabled")) continue;
    const [r, g, b] = rgba(getComputedStyle(element).color);
    const [front, back] = [light([r, g, b]), light(paper(element))];
    const contrast = (Math.max(front, back) + 0.05) / (Math.min(front, back) + 0.05);
    if (contrast < 4.5) problems.push(`contrast ${contrast.toFixed(2)}: ${what}`);
  }
  for (const landmark of ["header", "nav", "main"]) if (document.querySelectorAll(landmark).length !== 1) problems.push(landmark);
  if (document.documentElement.scrollWidth > innerWidth) problems.push("wider than the window");
  if (getComputedStyle(document.querySelector(".message")).animationName !== "none") problems.push("moves");
  return problems;
}
