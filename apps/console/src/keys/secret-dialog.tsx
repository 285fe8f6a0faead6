import { Alert, Button, Code, CopyButton, Group, Modal, Stack, Text } from '@mantine/core';
import type { ReactElement } from 'react';

/** The secret of a key that was just made: nobody will see it again. */
export function SecretDialog({
  secret,
  onClose,
}: {
  readonly secret: string | null;
  readonly onClose: () => void;
}): ReactElement {
  return (
    <Modal opened onClose={onClose} title="The new key" closeOnClickOutside={false} closeOnEscape={false}>
      <Stack>
        {secret === null ? (
          <Alert color="yellow" variant="outline" title="The secret was shown before">
            Its answer was lost on the way. Revoke this key and create another.
          </Alert>
        ) : (
          <>
            <Text>Copy it now. It is stored nowhere and cannot be shown again.</Text>
            <Code block aria-label="Secret of the key">
              {secret}
            </Code>
          </>
        )}
        <Group justify="flex-end">
          {secret !== null && (
            <CopyButton value={secret}>
              {({ copied, copy }) => (
                <Button variant="default" onClick={copy}>
                  {copied ? 'Copied' : 'Copy'}
                </Button>
              )}
            </CopyButton>
          )}
          <Button onClick={onClose} data-autofocus>
            I have kept it
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
