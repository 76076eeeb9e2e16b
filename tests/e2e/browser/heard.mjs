// What a screen reader is told: the name and role that the browser computes, and where the Tab key leads.

/** Listens to one page. */
export async function hear(page) {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Accessibility.enable');

  /** `button さくら、在園` of what has the focus; `nothing` when it is on the page itself. */
  async function focused() {
    const { result } = await devtools.send('Runtime.evaluate', { expression: 'document.activeElement' });
    const { nodes } = await devtools.send('Accessibility.getPartialAXTree', {
      objectId: result.objectId,
      fetchRelatives: false,
    });
    const [{ ignored, role, name }] = nodes;
    return ignored || role.value === 'RootWebArea' ? 'nothing' : `${role.value} ${name.value}`;
  }

  /** The yellow of the ring that nothing may hide. */
  const marked = () =>
    page.evaluate(() => {
      const at = document.activeElement;
      return getComputedStyle(at.matches('.vh') ? at.closest('label') : at).boxShadow.includes('rgb(255, 212, 61)');
    });

  /** One press of Tab after the other, until `name` is heard; `nothing` and the unmarked are faults. */
  async function tabTo(name) {
    const passed = [];
    for (let press = 0; press < 150; press += 1) {
      await page.keyboard.press('Tab');
      const heard = await focused();
      if (heard.includes(name)) return heard;
      passed.push(heard);
    }
    throw new Error(`${name} is not reached; heard were ${passed.join(' | ')}`);
  }

  /** All that Tab leads to from the top of the page, and what of it does not show that it has the focus. */
  async function walk() {
    const heard = [];
    const unmarked = [];
    for (let press = 0; press < 200; press += 1) {
      await page.keyboard.press('Tab');
      const one = await focused();
      if (one === 'nothing') return { heard, unmarked };
      heard.push(one);
      if (!(await marked())) unmarked.push(one);
    }
    throw new Error('the focus never leaves the page');
  }

  return { focused, tabTo, walk };
}
