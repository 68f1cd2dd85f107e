require "fileinto";
