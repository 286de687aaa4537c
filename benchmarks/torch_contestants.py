"""The peers built on torch: a loop written by hand, and skorch."""

from itertools import pairwise

import numpy as np
import torch
from cases import RATE
from contestant import Contestant
from torch import nn


class Network(nn.Sequential):
    """Linear layers with ReLU and dropout between them, started as by Glorot and Bengio.

    Parameters
    ----------
    widths : tuple of int
    dropout : float
    """

    def __init__(self, widths, dropout):
        layers = []
        for n_inputs, n_units in pairwise(widths):
            linear = nn.Linear(n_inputs, n_units)
            nn.init.xavier_uniform_(linear.weight)
            nn.init.zeros_(linear.bias)
            layers += [linear, nn.ReLU(inplace=True)]
            layers += [nn.Dropout(dropout)] * bool(dropout)
        super().__init__(*layers[: -2 if dropout else -1])


class Torch(Contestant):
    """A loop on tensors made beforehand, with the fused Adam."""

    key, label = "torch", "torch, own loop"
    needs = ("torch",)

    def __init__(self, case):
        super().__init__(case)
        self._inputs = torch.from_numpy(self.X)
        if case.n_outputs == 1:
            self._targets = torch.from_numpy(self.y.astype(np.float32)[:, None])
            self._loss = nn.functional.binary_cross_entropy_with_logits
        else:
            self._targets = torch.from_numpy(self.y)
            self._loss = nn.functional.cross_entropy

    def fit(self, epochs):
        """Train as its tutorials do, with rows gathered a batch at a time."""
        torch.manual_seed(0)
        self.model = Network(self.case.widths, self.case.dropout).train()
        optimizer = torch.optim.Adam(self.model.parameters(), RATE, fused=True)
        for _ in range(epochs):
            for rows in torch.randperm(self.case.rows).split(self.case.batch):
                optimizer.zero_grad()
                outputs = self.model(torch.index_select(self._inputs, 0, rows))
                self._loss(outputs, torch.index_select(self._targets, 0, rows)).backward()
                optimizer.step()
        self.model.eval()

    @torch.inference_mode()
    def predict(self, X):
        """Return the labels."""
        scores = self.model(torch.from_numpy(X))
        labels = scores[:, 0] > 0 if scores.shape[1] == 1 else scores.argmax(1)
        return labels.numpy().astype(int)

    @torch.inference_mode()
    def predict_proba(self, X):
        """Return the probabilities of the classes."""
        scores = self.model(torch.from_numpy(X))
        if scores.shape[1] == 1:
            return torch.sigmoid(torch.cat([-scores, scores], 1)).numpy()
        return torch.softmax(scores, 1).numpy()


class Skorch(Contestant):
    """skorch, without its printing and its validation split."""

    key, label = "skorch", "skorch"
    needs = ("torch", "skorch")

    def __init__(self, case):
        super().__init__(case)
        if case.n_outputs == 1:
            self.y = self.y.astype(np.float32)

    def fit(self, epochs):
        """Train for so many epochs."""
        from skorch import NeuralNetBinaryClassifier, NeuralNetClassifier

        torch.manual_seed(0)
        is_binary = self.case.n_outputs == 1
        kind = NeuralNetBinaryClassifier if is_binary else NeuralNetClassifier
        criterion = nn.BCEWithLogitsLoss if is_binary else nn.CrossEntropyLoss
        self.model = kind(
            Network,
            module__widths=self.case.widths,
            module__dropout=self.case.dropout,
            criterion=criterion,
            optimizer=torch.optim.Adam,
            optimizer__fused=True,
            lr=RATE,
            batch_size=self.case.batch,
            max_epochs=epochs,
            train_split=None,
            iterator_train__shuffle=True,
            callbacks__print_log=None,
            verbose=0,
        ).fit(self.X, self.y)
