import { Group, Modal, type ModalRootProps, Stack } from "@mantine/core";
import type { ReactNode } from "react";

interface DialogProps {
  readonly title: string;
  readonly size?: ModalRootProps["size"];
  /** It has a button that closes it; else its acts do. */
  readonly closable?: boolean;
  readonly children: ReactNode;
  close(): void;
}

/** Something that is asked, or looked at, before all else. Its title is no banner of the page. */
export function Dialog({ title, size = "md", closable = false, children, close }: DialogProps) {
  return (
    <Modal.Root opened onClose={close} size={size} centered>
      <Modal.Overlay />
      <Modal.Content>
        <Modal.Body p="md">
          <Stack gap="sm">
            <Group justify="space-between" wrap="nowrap" align="flex-start">
              <Modal.Title component="h2" fz="h4" fw={650} style={{ overflowWrap: "anywhere" }}>
                {title}
              </Modal.Title>
              {closable && <Modal.CloseButton aria-label="Close" />}
            </Group>
            {children}
          </Stack>
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}
