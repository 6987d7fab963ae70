// Created with the skeleton of the package.
