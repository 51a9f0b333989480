// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// The daily roots of a ledger, in a place that all read: who anchored a day can show nobody another one.
contract LedgerAnchor {
    struct Anchor {
        bytes32 root; // RFC 6962 Merkle root over the hashes of the day's entries
        bytes32 head; // hash of the day's signed record, which stands for all records before it
    }

    address public immutable owner;
    uint32 public lastDay; // days since 1970-01-01 UTC
    mapping(uint32 day => Anchor) public anchors;

    event Anchored(uint32 indexed day, bytes32 root, bytes32 head);

    error NotOwner();
    error DayNotAfter(uint32 lastDay);
    error Empty();

    constructor(address owner_) {
        owner = owner_;
    }

    /// Once a day, days strictly rising; what is anchored stays.
    function anchor(uint32 day, bytes32 root, bytes32 headHash) external {
        if (msg.sender != owner) revert NotOwner();
        if (day <= lastDay) revert DayNotAfter(lastDay);
        if (root == 0 || headHash == 0) revert Empty();
        lastDay = day;
        anchors[day] = Anchor(root, headHash);
        emit Anchored(day, root, headHash);
    }

    /// Whether `path` leads from an entry's hash, the `index`-th (from 0) of the day's `size`, to the anchored root (RFC 9162, 2.1.3.2).
    function verify(uint32 day, bytes32 leaf, uint256 index, uint256 size, bytes32[] calldata path)
        external view returns (bool)
    {
        bytes32 root = anchors[day].root;
        if (root == 0 || index >= size) return false;
        uint256 last = size - 1;
        bytes32 node = sha256(abi.encodePacked(hex"00", leaf));
        for (uint256 i = 0; i < path.length; i++) {
            if (last == 0) return false;
            if (index % 2 == 1 || index == last) {
                node = sha256(abi.encodePacked(hex"01", path[i], node));
                while (index % 2 == 0 && index != 0) (index, last) = (index >> 1, last >> 1);
            } else {
                node = sha256(abi.encodePacked(hex"01", node, path[i]));
            }
            (index, last) = (index >> 1, last >> 1);
        }
        return last == 0 && node == root;
    }
}
