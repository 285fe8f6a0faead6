import { Badge, Modal, createTheme } from '@mantine/core';

/**
 * Only properties of components: colours and sizes of a theme would become inline styles, which the
 * Content-Security-Policy forbids, as does the library's way to lock scrolling behind dialogs.
 */
export const consoleTheme = createTheme({
  components: {
    Badge: Badge.extend({ defaultProps: { miw: 'max-content' } }),
    Modal: Modal.extend({
      defaultProps: { lockScroll: false, closeButtonProps: { 'aria-label': 'Close' }, size: 'lg' },
    }),
  },
});
