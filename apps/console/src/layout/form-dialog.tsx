import { Button, Group, Modal, Stack } from '@mantine/core';
import type { FormEvent, ReactElement, ReactNode } from 'react';

/** A dialog with a form in it. */
export function FormDialog({
  title,
  isOpen,
  onClose,
  onSubmit,
  submitText,
  isBusy,
  isDangerous = false,
  isDisabled = false,
  children,
}: {
  readonly title: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly onSubmit: () => void;
  readonly submitText: string;
  readonly isBusy: boolean;
  readonly isDangerous?: boolean;
  readonly isDisabled?: boolean;
  readonly children: ReactNode;
}): ReactElement {
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    onSubmit();
  };
  return (
    <Modal opened={isOpen} onClose={onClose} title={title}>
      <form onSubmit={submit}>
        <Stack>
          {children}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button
              type="submit"
              loading={isBusy}
              disabled={isDisabled}
              {...(isDangerous ? { color: 'red.9' } : {})}
            >
              {submitText}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
