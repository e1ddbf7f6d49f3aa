import { expect, test } from 'vitest'
import { placeWindow } from '../../main/window-state.ts'

const laptop = { x: 0, y: 25, width: 1440, height: 875 }
const beside = { x: 1440, y: 0, width: 1920, height: 1080 }
const saved = { x: 1500, y: 100, width: 1200, height: 800, isMaximized: false }

test.each([
  ['first start', undefined, [laptop], { width: 1120, height: 760 }, false],
  ['nonsense', { x: 'left' }, [laptop], { width: 1120, height: 760 }, false],
  ['where it was', saved, [laptop, beside], { x: 1500, y: 100, width: 1200, height: 800 }, false],
  ['its display is gone', saved, [laptop], { width: 1200, height: 800 }, false],
  [
    'larger than the display',
    { ...saved, x: 10, y: 30, width: 3000, height: 2000 },
    [laptop],
    { x: 10, y: 30, width: 1440, height: 875 },
    false,
  ],
  [
    'too small to use',
    { ...saved, width: 200, height: 10 },
    [beside],
    { x: 1500, y: 100, width: 880, height: 560 },
    false,
  ],
  ['its title bar is above the display', { ...saved, y: -50 }, [beside], { width: 1200, height: 800 }, false],
  ['only an edge is to be seen', { ...saved, x: 3330 }, [beside], { width: 1200, height: 800 }, false],
  [
    'left of the main display',
    { ...saved, x: -1000, y: 0 },
    [{ x: -1920, y: 0, width: 1920, height: 1080 }],
    { x: -1000, y: 0, width: 1200, height: 800 },
    false,
  ],
  ['maximized', { ...saved, isMaximized: true }, [beside], { x: 1500, y: 100, width: 1200, height: 800 }, true],
])('%s', (_name, state, displays, bounds, isMaximized) => {
  expect(placeWindow(state, displays)).toEqual({ bounds, isMaximized })
})
